/** The newest members of a sequence, as a ring: cheap to add to, bounded, cheap to copy. */
export type Recent = {
  readonly members: Set<string>;
  readonly ring: string[];
  /** Where the next member goes: the oldest one's place, once the ring is full. */
  next: number;
};

export function noneRecent(): Recent {
  return { members: new Set(), ring: [], next: 0 };
}

export function copyRecent(recent: Recent): Recent {
  return { members: new Set(recent.members), ring: [...recent.ring], next: recent.next };
}

/** Adds a member and forgets the one `limit` before it; false when it was there already. */
export function noteRecent(recent: Recent, member: string, limit: number): boolean {
  const { members, ring, next } = recent;
  if (members.has(member)) return false;
  const oldest = ring[next];
  if (oldest !== undefined) members.delete(oldest);
  members.add(member);
  ring[next] = member;
  recent.next = (next + 1) % limit;
  return true;
}
