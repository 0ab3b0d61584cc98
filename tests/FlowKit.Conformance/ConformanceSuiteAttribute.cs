namespace FlowKit.Conformance;

/// <summary>Marks the suite that every member of an open set inherits.</summary>
/// <param name="set">The interface or base class of the set's members.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ConformanceSuiteAttribute(Type set) : Attribute
{
    /// <summary>The interface or base class of the set's members.</summary>
    public Type Set { get; } = set;
}
