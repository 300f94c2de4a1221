// Where does a webhook's host name lead? Only out: a name that resolves to an address inside is not connected to.
//
// It judges the very addresses that the connection then uses, so a name that resolves differently the next time gains
// nothing. Guard: ASVS 5.0 1.3.6.

import type { LookupAddress, LookupAllOptions } from "node:dns";
import type { LookupFunction } from "node:net";

import { isPublicAddress } from "./private-address.ts";

/** `lookup` of node:dns is one. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  found: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Stands as `code` on the error of a connection that was refused here. */
export const privateAddressCode = "PRIVATE_ADDRESS";

export function publicLookup(resolve: Resolve): LookupFunction {
  return lookupWith(resolve, ({ address }) => isPublicAddress(address));
}

export function anyLookup(resolve: Resolve): LookupFunction {
  return lookupWith(resolve, () => true);
}

/** One address inside condemns the name: an honest one has none. */
function lookupWith(resolve: Resolve, mayReach: (address: LookupAddress) => boolean): LookupFunction {
  return (hostname, options, found) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return found(error ?? new Error("no address"), "");
      if (!addresses.every(mayReach)) {
        return found(Object.assign(new Error("a private address"), { code: privateAddressCode }), "");
      }
      return options.all === true ? found(null, addresses) : found(null, first.address, first.family);
    });
  };
}
