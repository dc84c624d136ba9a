declare module 'unbzip2-stream' {
  /** A duplex stream of the `through` package: bzip2 in, plain bytes out. */
  export default function unbzip2Stream(): NodeJS.ReadWriteStream;
}
