import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '../..');
const src = path.join(root, 'src');

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => path.join(root, folder, file));
}

const parse = (file: string) =>
  ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);

/** The names that a file exports where it declares them: nothing here is exported in another way. */
function exportsOf(file: string): string[] {
  return parse(file).statements.flatMap((each) => {
    if (!ts.canHaveModifiers(each)) return [];
    if (!ts.getModifiers(each)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(each))
      return each.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
    const { name } = each as ts.DeclarationStatement;
    return name && ts.isIdentifier(name) ? [name.text] : [];
  });
}

/** What the import statements of a file name, each with the file that it comes from. */
function importsOf(file: string): string[] {
  return parse(file).statements.flatMap((each) => {
    if (!ts.isImportDeclaration(each) || !ts.isStringLiteral(each.moduleSpecifier)) return [];
    const from = `${path.resolve(path.dirname(file), each.moduleSpecifier.text)}.ts`;
    const named = each.importClause?.namedBindings;
    if (!named) return [];
    if (ts.isNamespaceImport(named)) return [`${from} *`];
    return named.elements.map(({ name, propertyName }) => `${from} ${(propertyName ?? name).text}`);
  });
}

/** The words of files that load others at run time, where no import statement names what is used. */
function wordsOf(files: readonly string[]): Set<string> {
  return new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/\w+/g) ?? []));
}

it('what a file exports is used by another one', () => {
  const files = ['src', 'test', 'bench'].flatMap((folder) => filesIn(folder, /\.ts$/));
  const used = new Set(files.flatMap(importsOf));
  const loading = files.filter((file) => /\b(?:import|require)\(\s*['"`.\w]/.test(readFileSync(file, 'utf8')));
  const words = wordsOf([...loading, ...['bench', 'scripts'].flatMap((folder) => filesIn(folder, /\.js$/))]);
  const exported = filesIn('src', /(?<!spec)\.ts$/).flatMap((file) => exportsOf(file).map((name) => ({ file, name })));
  expect(exported.length).toBeGreaterThan(1000);
  const unused = exported.filter(
    ({ file, name }) => !used.has(`${file} ${name}`) && !used.has(`${file} *`) && !words.has(name),
  );
  expect(unused.map(({ file, name }) => `${path.relative(src, file)}: ${name}`)).toEqual([]);
});
