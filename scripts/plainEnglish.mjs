// Words that read as translated. For alternatives see CONTRIBUTING.md.
export const banned =
  /\b(nobody|somebody|whoever|to be seen|is to be|was to be|stands? (?:in|on|there|for)\b|stands twice|of its own accord|goes by|what is said|is told|tells of|is meant for naught|the operator|operators?|the world has|looked upon|for good and all|in order again|gravest|besides\b(?! the))\b/i

/** The same for comments, which may name more things. */
export const bannedInComments = /\b(nobody|somebody|anew|goes by|of its own accord|told apart)\b/i
