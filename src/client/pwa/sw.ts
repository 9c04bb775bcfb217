/**
 * The service worker: one small duty a file. It never answers for `/api` and never keeps anything of a person: records and
 * files of the bureau are in IndexedDB, under their owner.
 */
import { clientsClaim } from 'workbox-core'
import type { PrecacheEntry } from 'workbox-precaching'
import { serveOnDemandParts } from './worker/on-demand.ts'
import { servePrecache } from './worker/precache.ts'
import type { WorkerScope } from './worker/scope.ts'
import { takeOverWhenAsked } from './worker/take-over.ts'

declare const self: WorkerScope & { __WB_MANIFEST: (PrecacheEntry | string)[] }

// The build writes the list of files in this very place.
// oxlint-disable-next-line no-underscore-dangle -- the name is what workbox looks for
servePrecache(self.__WB_MANIFEST)
serveOnDemandParts(self)
takeOverWhenAsked(self)
// The first visit is ready for the hall's dead corners without a second one.
clientsClaim()
