/** Mount: the lanes. */
export async function mount() { return () => {}; }
