// Where the provider keeps what it gave out: a map that is handed over, so that a new provider goes on with it.

export class Memory {
  #model;
  #store;

  constructor(model, store) {
    this.#model = model;
    this.#store = store;
  }

  async upsert(id, payload) {
    this.#store.set(this.#name(id), payload);
  }

  async find(id) {
    return this.#store.get(this.#name(id));
  }

  async findByUid(uid) {
    return this.#all().find((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode) {
    return this.#all().find((payload) => payload.userCode === userCode);
  }

  async consume(id) {
    this.#store.get(this.#name(id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    this.#store.delete(this.#name(id));
  }

  async revokeByGrantId(grantId) {
    for (const [name, payload] of this.#store) if (payload.grantId === grantId) this.#store.delete(name);
  }

  #name(id) {
    return `${this.#model} ${id}`;
  }

  #all() {
    return [...this.#store].filter(([name]) => name.startsWith(`${this.#model} `)).map(([, payload]) => payload);
  }
}
