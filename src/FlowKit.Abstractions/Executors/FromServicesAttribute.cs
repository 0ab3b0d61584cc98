namespace FlowKit;

/// <summary>
/// Marks a parameter of a method with <see cref="RequestsAttribute"/> that is a service of the program. Each call has a scope of its own:
/// scoped services are made for the call and disposed after it, for a stream after its last document.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromServicesAttribute : Attribute;
