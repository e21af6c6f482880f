/// Server-side apply and managed fields over the immutable value tree: who set which field, what an applied
/// configuration changes, and what belongs to nobody any more. Pure functions; no state, safe for all threads.
/// Start reading at [io.thyra.machinery.apply.FieldManager]; [io.thyra.machinery.apply.FieldSet] is the set of paths
/// that everything else computes with.
@NullMarked
package io.thyra.machinery.apply;

import org.jspecify.annotations.NullMarked;
