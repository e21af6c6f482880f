/// main: configuration, constructors, deploy; stops in reverse order. Start reading at [io.thyra.launcher.Main].
@NullMarked
package io.thyra.launcher;

import org.jspecify.annotations.NullMarked;
