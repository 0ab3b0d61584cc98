using System.Collections.Concurrent;
using System.Reflection;

namespace FlowKit.Components;

/// <summary>An executor class that the catalog knows.</summary>
public sealed class ExecutorDescriptor
{
    private readonly Dictionary<string, MethodInfo> _methods = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<MethodInfo, EndpointMethod> _bound = [];

    /// <summary>Reads a class.</summary>
    /// <param name="type">A concrete class derived from <see cref="Executor"/>.</param>
    /// <exception cref="FlowKitException">
    /// Two methods answer one endpoint, one that does is not public, or a declared fault is no exception.
    /// </exception>
    public ExecutorDescriptor(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        Type = type;
        var attribute = type.GetCustomAttribute<ExecutorAttribute>(inherit: false);
        Name = attribute?.Name ?? type.Name;
        Description = attribute?.Description ?? "";
        IsExclusive = attribute?.Exclusive ?? false;
        State = ScopeOf(attribute?.State ?? StateScope.Undeclared, type);
        Faults = new ExecutorFaults(type);
        foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
        {
            foreach (
                var endpoint in method.GetCustomAttributes<RequestsAttribute>(inherit: true).SelectMany(requests => requests.Endpoints))
            {
                AddEndpoint(endpoint, method);
            }
        }
    }

    /// <summary>
    /// The loaded code that it is part of, which stays in memory as long as this; <see langword="null"/> for what is built in.
    /// </summary>
    internal object? Code { get; init; }

    /// <summary>The same for the same code; empty for what is built in.</summary>
    internal string Key { get; init; } = "";

    /// <summary>Tells what its documentation comments say; nothing when they did not come with it.</summary>
    public DocumentationComments Comments
    {
        get => field ??= DocumentationComments.Beside(Type.Assembly);
        init;
    }

    /// <summary>The name that <c>uses:</c> writes.</summary>
    public string Name { get; }

    /// <summary>A sentence for people.</summary>
    public string Description { get; }

    /// <summary>The class.</summary>
    public Type Type { get; }

    /// <summary>Tells whether only one instance may be open on a workspace.</summary>
    public bool IsExclusive { get; }

    /// <summary>Tells whether it writes snapshots.</summary>
    public bool HasState => WritesSnapshots(Type);

    /// <summary>Says who shares its state, as it declares; what declares nothing has its own where it writes snapshots.</summary>
    public StateScope State { get; }

    /// <summary>The exceptions that point at a replica of it.</summary>
    internal ExecutorFaults Faults { get; }

    /// <summary>The endpoints its methods answer.</summary>
    public IEnumerable<string> Endpoints => _methods.Keys;

    /// <summary>Tells whether another descriptor stands for the same code: what was built again without a change does.</summary>
    internal bool IsSameCode(ExecutorDescriptor other) =>
        Code is null ? Type == other.Type : Key == other.Key && Type.FullName == other.Type.FullName;

    /// <summary>Compiles the table of endpoints, with <c>uses_requests</c> applied: an entry moves a method to another endpoint.</summary>
    /// <param name="remap">Endpoint to method name.</param>
    /// <exception cref="FlowKitException">A named method is not there.</exception>
    public EndpointTable BindEndpoints(IReadOnlyDictionary<string, string> remap)
    {
        ArgumentNullException.ThrowIfNull(remap);
        var methods = new Dictionary<string, MethodInfo>(_methods, StringComparer.Ordinal);
        foreach (var name in remap.Values)
        {
            foreach (var old in _methods.Where(pair => NameMatches(pair.Value.Name, name)).Select(pair => pair.Key))
            {
                methods.Remove(old);
            }
        }

        foreach (var (endpoint, name) in remap)
        {
            methods[endpoint] = FindMethod(endpoint, name);
        }

        return new EndpointTable(
            methods.ToDictionary(pair => pair.Key, pair => _bound.GetOrAdd(pair.Value, EndpointMethod.Bind), StringComparer.Ordinal), this);
    }

    private static StateScope ScopeOf(StateScope declared, Type type) => declared switch
    {
        StateScope.Undeclared => WritesSnapshots(type) ? StateScope.Replica : StateScope.None,
        _ => declared,
    };

    private static bool WritesSnapshots(Type type) => type.GetMethod(nameof(Executor.SnapshotAsync))!.DeclaringType != typeof(Executor);

    private MethodInfo FindMethod(string endpoint, string name) =>
        Type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).FirstOrDefault(
            method => method.DeclaringType != typeof(object) && NameMatches(method.Name, name))
        ?? throw new FlowKitException(
            FlowErrorCode.NotFound,
            $"uses_requests: {endpoint} names the method '{name}', but {Type.Name} has only "
                + $"{string.Join(", ", _methods.Values.Select(method => method.Name).Distinct())}.");

    /// <summary>Python methods are snake_case and C# methods PascalCase; a YAML written for either finds its method.</summary>
    /// <param name="method">The method's own name.</param>
    /// <param name="written">What the YAML says.</param>
    internal static bool NameMatches(string method, string written) =>
        string.Equals(method, written.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private void AddEndpoint(string endpoint, MethodInfo method)
    {
        if (!method.IsPublic)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"{Type.Name}.{method.Name} answers {endpoint} but is not public, so it would never be called.");
        }

        if (!_methods.TryAdd(endpoint, method))
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition, $"{Type.Name}: {_methods[endpoint].Name} and {method.Name} both answer {endpoint}.");
        }
    }
}
