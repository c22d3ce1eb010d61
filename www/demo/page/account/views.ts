// What a view is: a title, and what stands below it.

export interface View {
  readonly title: string;
  readonly content: () => Promise<readonly (Node | string)[]> | readonly (Node | string)[];
  /** Whether it is for whoever is signed in; everyone where absent. */
  readonly signedIn?: true;
}

/** What a view asks of the page. */
export interface Frame {
  readonly go: (path: string) => void;
  /** Draws the view again. */
  readonly again: () => Promise<void>;
  /** Says something that a screen reader reads out. */
  readonly tell: (text: string) => void;
  /** The session changed. */
  readonly entered: () => Promise<void>;
}
