/** Which of the work that is due may be launched now. */
export interface May {
  start(task: string): boolean;
  perform(slot: string): boolean;
  /** Go on in another execution: what is under way beside the run's own work is begun anew there. */
  move(): boolean;
}

export const everything: May = { start: () => true, perform: () => true, move: () => true };
