import { badRequest, conflict } from '../errors.ts';
import type { Resource, RestApi } from '../store/model.ts';

/** A literal, `{name}` or `{name+}`. Developer guide, "API Gateway resources": letters, digits and `-._~:` [colon since 2021]. */
const PATH_PART = /^(?:[A-Za-z0-9._\-~:]+|\{[A-Za-z0-9._\-:]+\+?\})$/;

export const isVariable = (pathPart: string): boolean => pathPart.startsWith('{');
export const isGreedy = (pathPart: string): boolean => pathPart.endsWith('+}');

export function childPath(parent: Resource, pathPart: string): string {
  return parent.path === '/' ? `/${pathPart}` : `${parent.path}/${pathPart}`;
}

/** Checks that a resource named `pathPart` may be under `parent`. `self` is the resource itself when it is moved. */
export function checkPlace(api: RestApi, parent: Resource, pathPart: string, self?: Resource): void {
  if (parent.pathPart !== undefined && isGreedy(parent.pathPart)) {
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`);
  }
  const siblings = [...api.resources.values()].filter((other) => other.parentId === parent.id && other !== self);
  if (siblings.some((sibling) => sibling.pathPart === pathPart)) {
    throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  }
  const variable = siblings.find((sibling) => isVariable(sibling.pathPart ?? ''));
  if (variable && isVariable(pathPart)) {
    throw badRequest(
      `A sibling (${variable.pathPart}) of this resource already has a variable path part -- only one is allowed`,
    );
  }
}

export function checkPathPart(pathPart: string): void {
  if (!PATH_PART.test(pathPart)) {
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  }
}

/** The resource and everything below it. */
export function subtree(api: RestApi, root: Resource): Resource[] {
  const children = [...api.resources.values()].filter((resource) => resource.parentId === root.id);
  return [root, ...children.flatMap((child) => subtree(api, child))];
}

/** Computes the paths of a subtree anew after its root was renamed or moved. */
export function renewPaths(api: RestApi, root: Resource): void {
  for (const resource of subtree(api, root)) {
    const parent = api.resources.get(resource.parentId ?? '');
    if (parent && resource.pathPart !== undefined) resource.path = childPath(parent, resource.pathPart);
  }
}
