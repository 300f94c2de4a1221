// @connectrpc/connect's declarations name the browser's HeadersInit, which @types/node lacks.
type HeadersInit = NonNullable<ConstructorParameters<typeof Headers>[0]>;
