// Questions to the decision point, and the answers that many suites share, written by hand from the
// decision's order (README.md of this folder, "What a decision says").

import { no } from "./expect.mjs";

/** `type:action` or a bare name as an AccessRequest's action and resource. Without `properties` no instance is known. */
export const asked = (permission, { subject = {}, properties, id, action, context } = {}) => {
  const [type, name] = permission.includes(":") ? permission.split(":") : [undefined, permission];
  const resource = { type, ...(id === undefined ? {} : { id }), ...(properties === undefined ? {} : { properties }) };
  return {
    subject: { id: "u1", ...subject },
    action: { name, ...(action === undefined ? {} : { properties: action }) },
    ...(type === undefined ? {} : { resource }),
    ...(context === undefined ? {} : { context }),
  };
};

const notAllowed = (reason, message = "Not allowed", more = {}) => no("not_allowed", reason, 403, message, more);

/** The grant's condition is false, or could not be evaluated. */
export const conditionFailed = notAllowed("condition_failed");
export const notOwner = notAllowed("not_owner");
export const fieldsOnly = notAllowed("fields_only");
export const tenantMismatch = notAllowed("tenant_mismatch");
/** A deny rule, and its message. */
export const denied = (rule, message) => notAllowed("denied_by_rule", message, { rule });
/** A require rule that is not met, and its message. */
export const unmet = (rule, message) => notAllowed("requirement_failed", message, { rule });
export const missing = no("permission_denied", "permission_missing", 403, "Permission denied");
export const unknown = no("permission_denied", "permission_unknown", 403, "Permission denied");
export const exclusive = no("permission_denied", "roles_exclusive", 403, "Permission denied");
export const conditional = no("conditional", "conditional", 403, "Not allowed");
export const stronger = no("insufficient_user_authentication", "elevation_required", 401, "Stronger authentication required");
export const justify = no("justification_required", "justification_required", 403, "Justification required");
export const signIn = (reason, more = {}) => no("authentication_required", reason, 401, "Authentication required", more);
