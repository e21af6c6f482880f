/// Flow schemas and priority levels. Start reading at [io.thyra.groups.flowcontrol.FlowControlGroup].
@NullMarked
package io.thyra.groups.flowcontrol;

import org.jspecify.annotations.NullMarked;
