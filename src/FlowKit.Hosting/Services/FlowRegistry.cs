namespace FlowKit.Hosting.Services;

/// <summary>The flows of a host, in the order in which they were added.</summary>
internal sealed class FlowRegistry
{
    private readonly List<FlowRegistration> _flows = [];

    public IReadOnlyList<FlowRegistration> Flows => _flows;

    /// <exception cref="InvalidOperationException">Another flow has the name.</exception>
    public void Add(FlowRegistration flow)
    {
        if (_flows.Exists(known => known.Name == flow.Name))
        {
            throw new InvalidOperationException(flow.Name.Length == 0
                ? "Two flows are added without a name; give each a name: services.AddFlow(\"images\", \"images.yml\")."
                : $"Two flows are named '{flow.Name}'; give each a name of its own in services.AddFlow.");
        }

        _flows.Add(flow);
    }

    /// <summary>Returns a flow by its name, or, when no name is given, the one without a name, or the only one.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public FlowRegistration Find(string? name)
    {
        var found = _flows.Find(flow => flow.Name == (name ?? "")) ?? (name is null && _flows.Count == 1 ? _flows[0] : null);
        return found ?? throw new InvalidOperationException((_flows.Count, name) switch
        {
            (0, _) => "No flow is added; call builder.Services.AddFlow(\"flow.yml\") first.",
            (_, null) => $"There are several flows; say which: {Names}.",
            _ => $"No flow is named '{name}'; there are {Names}.",
        });
    }

    private string Names => string.Join(", ", _flows.Select(flow => flow.Name.Length == 0 ? "(the one without a name)" : flow.Name));
}
