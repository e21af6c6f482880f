/// The Common Expression Language as Kubernetes speaks it: the environment and its libraries, types of structural schemas,
/// evaluation straight on the value tree, and the cost model. Parser and type checker are those of dev.cel; everything of them is
/// loaded when the first expression is compiled.
@NullMarked
package io.thyra.cel;

import org.jspecify.annotations.NullMarked;
