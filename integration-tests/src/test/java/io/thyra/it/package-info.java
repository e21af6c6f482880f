/// Black-box tests: a server as a process of its own, real clients against it. Start reading at [io.thyra.it.Cluster].
@NullMarked
package io.thyra.it;

import org.jspecify.annotations.NullMarked;
