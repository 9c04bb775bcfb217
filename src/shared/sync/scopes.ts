/**
 * A scope is the unit of access, order and purge. Every record has exactly one and never changes it.
 *
 *   org                        everyone signed in
 *   unit:<id>                  members of the unit now, and its officers
 *   desk:<id>                  present officers or scorers of the unit
 *   file:<unit>:<person>       the person, and that unit's present officers or scorers
 *   private:<person>           the person alone
 */
export type ScopeKind = 'org' | 'unit' | 'desk' | 'file' | 'private'
export type Scope = string

/** The bureau itself. Its id is fixed so that scopes such as `file:root:<person>` can be named without asking. */
export const ROOT_UNIT_ID = 'root'

export const ORG_SCOPE: Scope = 'org'
export const unitScope = (unitId: string): Scope => `unit:${unitId}`
export const deskScope = (unitId: string): Scope => `desk:${unitId}`
export const fileScope = (unitId: string, personId: string): Scope => `file:${unitId}:${personId}`
export const privateScope = (personId: string): Scope => `private:${personId}`
