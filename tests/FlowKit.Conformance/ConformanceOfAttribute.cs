namespace FlowKit.Conformance;

/// <summary>Names the member that a class of tests holds against the suite that it inherits.</summary>
/// <param name="member">The member's type.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ConformanceOfAttribute(Type member) : Attribute
{
    /// <summary>The member's type.</summary>
    public Type Member { get; } = member;
}
