/** The worker of pdf.js, with the browser's decoder for JPEG, and pictures within a phone's memory. */
import './jpeg-by-browser.ts'
import './bounded-pictures.ts'
import 'pdfjs-dist/legacy/build/pdf.worker.min.mjs'
