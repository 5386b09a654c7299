/** What a client knew of its latest chats: to be stored as it is (structured clone), and given to the next client of the same user. */
export interface Snapshot {
  readonly epoch: string
}

export interface SnapshotLimits {
  /** Chats, at most. Default: 30. */
  readonly chats?: number
  /** Messages of each, at most. Default: 50. */
  readonly messages?: number
}

export interface SnapshotOptions {
  /** Shown at once, also without a connection, and brought up to date by the events since. Of the same version and user only. */
  readonly snapshot?: Snapshot | undefined
}

export interface Snapshots {
  /** Returns what is known of the latest chats; undefined before the first connection. */
  snapshot(limits?: SnapshotLimits): Snapshot | undefined
}
