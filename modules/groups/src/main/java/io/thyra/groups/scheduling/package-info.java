/// Priority classes and workloads. Start reading at [io.thyra.groups.scheduling.SchedulingGroup].
@NullMarked
package io.thyra.groups.scheduling;

import org.jspecify.annotations.NullMarked;
