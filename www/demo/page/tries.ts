// Changes to the policy that a visitor can try with one button. Each is made to the original text.

export interface Try {
  readonly label: string;
  readonly from: string;
  readonly to: string;
}

export const tries: readonly Try[] = [
  {
    label: "Viewers may delete posts",
    from: '"permits": ["read_users"]',
    to: '"permits": ["read_users", "delete_post"]',
  },
  {
    label: "Editors may change every article",
    from: '{ "permission": "article:update", "owner": true }',
    to: '"article:update"',
  },
  {
    label: "Articles for everyone but guests",
    from: '"guest": { "permits": ["article:read"] },\n    "viewer": { "inherits": ["guest"], "permits": ["read_users"] }',
    to: '"guest": {},\n    "viewer": { "inherits": ["guest"], "permits": ["read_users", "article:read"] }',
  },
  {
    label: "Hide what may not be changed",
    from: '"route": "PUT /articles/{id}", "permission": "article:update"',
    to: '"route": "PUT /articles/{id}", "permission": "article:update", "hide": true',
  },
  {
    label: "Forget to declare the admin panel",
    from: '    { "route": "GET /admin-panel", "role": "admin" },\n',
    to: "",
  },
  {
    label: "Misspell a role",
    from: '"moderator": { "inherits": ["viewer"]',
    to: '"moderator": { "inherits": ["veiwer"]',
  },
];
