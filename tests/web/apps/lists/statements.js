/** Runs statements, each `{ text, parameters, way, options }`; one after another, or as a batch. */
export async function run(db, { statements, isBatch }) {
  const prepared = statements.map(({ text, parameters }) => db.prepare(text).bind(...parameters));
  try {
    if (isBatch) return { results: await db.batch(prepared) };
    const results = [];
    for (const [index, { way, options }] of statements.entries()) results.push(await prepared[index][way](...options));
    return { results };
  } catch (error) {
    return { error: error.message };
  }
}
