import { answerFiles } from './answer-files';
import { answerOnline } from './online-answers';
import { writeOnnxCases } from './onnx-cases';
import { exportWorkspace } from './workspace-export';

/** What peers ask of our own code: `node tool.js read FOLDER`, and onnx, online or workspace in its place. */
const [what, folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Give a command and a folder.');
if (what === 'read') answerFiles(folder);
else if (what === 'onnx') await writeOnnxCases(folder);
else if (what === 'online') await answerOnline(folder);
else if (what === 'workspace') await exportWorkspace(folder);
else throw new Error(`There is no command ${what ?? ''}; there are read, onnx, online and workspace.`);
