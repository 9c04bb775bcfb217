/** The worker of pdf.js, with the browser's decoder for JPEG. */
import './jpeg-by-browser.ts'
import 'pdfjs-dist/legacy/build/pdf.worker.min.mjs'
