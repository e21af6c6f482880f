/// Autoscalers. Start reading at [io.thyra.groups.autoscaling.AutoscalingGroup].
@NullMarked
package io.thyra.groups.autoscaling;

import org.jspecify.annotations.NullMarked;
