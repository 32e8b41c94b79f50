/** Which of a user's runs go first where some must wait, the first ones first. */
export const priorities = ['high', 'normal', 'low'] as const;
