// Does every object of a JSON text say each thing once, and nothing of prototypes?
//
// JSON.parse keeps the last of two equal keys in silence, and two readers of one body may then see two different
// requests. Guard: ASVS 5.0 15.3.6, 15.3.7

export type KeyFault = { key: string; description: string };

/** Any string of the text, escapes untouched. */
const stringToken = /"(?:[^"\\]|\\.)*"/y;

/** `text` has to be valid JSON already. Answers the first key that is given twice, or that is `__proto__`. */
export function findKeyFault(text: string): KeyFault | undefined {
  // The keys seen of each object around this place; an array has none.
  const open: (Set<string> | undefined)[] = [];
  let keyMayFollow = false;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case "{":
        open.push(new Set());
        keyMayFollow = true;
        break;
      case "[":
        open.push(undefined);
        keyMayFollow = false;
        break;
      case "}":
      case "]":
        open.pop();
        keyMayFollow = false;
        break;
      case ",":
        keyMayFollow = open.at(-1) !== undefined;
        break;
      case '"': {
        stringToken.lastIndex = at;
        const token = stringToken.exec(text)![0];
        at += token.length - 1;
        if (keyMayFollow) {
          const fault = enter(open.at(-1)!, JSON.parse(token) as string);
          if (fault !== undefined) return fault;
        }
        keyMayFollow = false;
        break;
      }
      default:
    }
  }
  return undefined;
}

function enter(seen: Set<string>, key: string): KeyFault | undefined {
  if (key === "__proto__") return { key, description: "is not a name for a field" };
  if (seen.has(key)) return { key, description: "is given twice" };
  seen.add(key);
  return undefined;
}
