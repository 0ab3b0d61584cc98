namespace FlowKit.Tests;

/// <summary>A theory that needs a folder of the shared data, and says so when it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute(string folder = "data") => Skip = SharedData.WhyMissing(folder);
}
