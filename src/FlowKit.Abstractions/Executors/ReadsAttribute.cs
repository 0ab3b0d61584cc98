namespace FlowKit;

/// <summary>
/// Declares what a method with <see cref="RequestsAttribute"/> reads out of its untyped <see cref="Parameters"/>: the properties of a
/// class, as if the method took that class. A request whose parameters no executor on its way reads is refused, and the gateway's
/// description lists what is read. Without it, a method that takes <see cref="Parameters"/> counts as reading all of them.
/// </summary>
/// <param name="type">A class whose properties are named like the parameters.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ReadsAttribute(Type type) : Attribute
{
    /// <summary>The class whose properties are read.</summary>
    public Type Type { get; } = type;
}
