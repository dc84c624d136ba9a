/** Bounds on what a bundle may make us read or keep. Each that is met stops with a diagnostic. */
export interface Limits {
  /** Bytes of one member of an archive, unpacked. */
  readonly memberBytes: number;
  /** Bytes of all members together, unpacked. */
  readonly totalBytes: number;
  /** Unpacked bytes per packed byte, checked once `ratioFromBytes` have come out. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
  /** Archives inside of archives, and compressions of compressions. */
  readonly depth: number;
  readonly members: number;
  /** Members up to this size stay in memory while all of them together fit into `memoryBytes`. */
  readonly memoryMemberBytes: number;
  readonly memoryBytes: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  memberBytes: 2048 * MIB,
  totalBytes: 8192 * MIB,
  ratio: 1000,
  ratioFromBytes: 64 * MIB,
  depth: 4,
  members: 200_000,
  memoryMemberBytes: 8 * MIB,
  memoryBytes: 64 * MIB,
};
