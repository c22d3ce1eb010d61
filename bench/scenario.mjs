// What every contestant is asked: three roles, ten permissions, one ownership rule and one condition. Nothing here is
// slow to load, because the cold starts load it too.

export const issuer = "https://id.example";
export const audience = "api";

/** What an editor who is `ann` asks by her roles alone: the first is granted, the second is not. */
export const roleQuestions = [
  { type: "article", action: "read" },
  { type: "article", action: "delete" },
];

/** May she publish it? Only what is her own and still a draft. */
export const condition = "resource.author_id == subject.id && resource.status == 'draft'";

/** By turns one that she may publish, and one that fails by its author or by its status. */
export const articles = /* @__PURE__ */ Array.from({ length: 256 }, (_, index) => ({
  type: "article",
  id: `article-${index}`,
  author_id: index % 4 === 1 ? "bob" : "ann",
  status: index % 4 === 3 ? "published" : "draft",
}));

/** By turns her own and another's: may she update it? */
export const manuscripts = /* @__PURE__ */ Array.from({ length: 256 }, (_, index) => ({
  type: "article",
  id: `manuscript-${index}`,
  author_id: index % 2 === 0 ? "ann" : "bob",
  status: "draft",
}));

/** By role, without what it inherits. */
export const grants = {
  viewer: ["article:read", "comment:read"],
  editor: ["article:create", "comment:create"],
  admin: ["article:update", "article:publish", "article:delete", "comment:delete", "user:read", "user:ban"],
};

export const parents = { editor: "viewer", admin: "editor" };

/** The two grants of an editor that hang on the article. */
export const owned = "article:update";
export const conditional = "article:publish";
