import { readTextFile } from '#stores/text'
import { parseRecipe, type Recipe } from '../../recipe/recipe.ts'

/** Most bytes of a recipe: far more than anybody writes. */
const MOST_BYTES = 1 << 22

/**
 * The recipe in a YAML file, with overrides as `parseRecipe` has them.
 * @throws UserError with one line: which key, what is allowed.
 */
export async function readRecipe(path: string, overrides: readonly string[] = []): Promise<Recipe> {
  return parseRecipe(await readTextFile(path, MOST_BYTES), overrides, `recipe ${path}`)
}
