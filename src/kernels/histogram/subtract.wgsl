// parent -= child: what is left is the other child. The twin is `subtractHistogram` in reference.ts.

@group(0) @binding(0) var<uniform> settings: Settings;
/** Slot of the parent and of the child. */
@group(0) @binding(1) var<storage, read> subtractions: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> histograms: array<i32>;

@compute @workgroup_size(LANES)
fn subtract(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let slots = subtractions[group.y];
  let word = group.x * LANES + lane;
  histograms[slots.x * settings.slotWords + word] -= histograms[slots.y * settings.slotWords + word];
}
