package javax.annotation;

/** Part of Java until version 11, and of a library since. The client only marks its classes with it. */
public @interface Generated {
    String value();

    String date() default "";

    String comments();
}
