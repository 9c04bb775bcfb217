/** The databases of this browser profile from outside: whether a person has one, and its end. */
import { Dexie } from 'dexie'
import { phoneDatabaseName, type DatabaseOptions } from './db.ts'

/** True when this profile already holds a database of the person. */
export async function hasPhoneDatabase(personId: string, options: DatabaseOptions = {}): Promise<boolean> {
  const probe = new Dexie(phoneDatabaseName(personId), { ...options, autoOpen: false })
  try {
    await probe.open()
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchDatabaseError') return false
    throw error
  } finally {
    probe.close()
  }
}

/** Deletes all of one person's data on this profile. The caller has made sure that nothing waits in it. */
export async function deletePhoneDatabase(personId: string, options: DatabaseOptions = {}): Promise<void> {
  const db = new Dexie(phoneDatabaseName(personId), { ...options, autoOpen: false })
  await db.delete()
}
