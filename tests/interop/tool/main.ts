import { answerFiles } from './answer-files';
import { writeOnnxCases } from './onnx-cases';

/** What peers ask of our own code: `node tool.js read FOLDER` or `node tool.js onnx FOLDER`. */
const [what, folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Give a command and a folder.');
if (what === 'read') answerFiles(folder);
else if (what === 'onnx') await writeOnnxCases(folder);
else throw new Error(`There is no command ${what ?? ''}; there are read and onnx.`);
