/// API Priority and Fairness: which flow schema and priority level a request belongs to.
/// Start reading at [io.thyra.flowcontrol.FlowControl].
@NullMarked
package io.thyra.flowcontrol;

import org.jspecify.annotations.NullMarked;
