/** Where one document is in the bureau: `document` is null when it was never dispatched. */
import { useAnswer } from '../../../../ui/asking/use-answer.ts'
import { askDocument } from './answers.ts'

export const useDocumentProgress = (documentId: () => string) =>
  useAnswer(async (signal) => {
    const id = documentId()
    return { id, document: await askDocument(id, signal) }
  }, documentId)
