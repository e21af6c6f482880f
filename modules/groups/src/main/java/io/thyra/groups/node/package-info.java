/// Runtime classes. Start reading at [io.thyra.groups.node.NodeGroup].
@NullMarked
package io.thyra.groups.node;

import org.jspecify.annotations.NullMarked;
