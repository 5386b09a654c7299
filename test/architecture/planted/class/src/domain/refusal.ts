export class Refusal extends Error {}

export class Warning {}
