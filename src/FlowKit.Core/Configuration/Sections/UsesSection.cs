namespace FlowKit.Configuration;

/// <summary>Reads <c>uses</c>, <c>uses_with</c>, <c>uses_requests</c> and <c>uses_metas</c>, the latter three over what a mapping under <c>uses</c> says.</summary>
internal sealed class UsesSection(Problems problems)
{
    private const string PassThrough = "BaseExecutor";

    public UsesValues Read(KeyValues values, string path)
    {
        var (inner, uses) = ReadUses(values.Get(ExecutorKeys.Uses), $"{path}.uses");
        var with = Overlay(inner?.Get(UsesKeys.With), values.Get(ExecutorKeys.UsesWith), values.Place);
        var own = ReadMetas(values.Get(ExecutorKeys.UsesMetas), $"{path}.uses_metas");
        var metas = ReadMetas(inner?.Get(UsesKeys.Metas), $"{path}.uses.metas");
        var requests = values.Has(ExecutorKeys.UsesRequests) ? values.Get(ExecutorKeys.UsesRequests) : inner?.Get(UsesKeys.Requests) ?? values.Get(ExecutorKeys.UsesRequests);
        CheckRequests(requests, values.Has(ExecutorKeys.UsesRequests) ? values.PlaceOf(ExecutorKeys.UsesRequests) : inner?.PlaceOf(UsesKeys.Requests) ?? values.Place, path);
        return new UsesValues(uses, with, requests)
        {
            Name = own?.Get(UsesKeys.Meta.Name) ?? metas?.Get(UsesKeys.Meta.Name),
            Description = own?.Get(UsesKeys.Meta.Description) ?? metas?.Get(UsesKeys.Meta.Description),
            Workspace = own?.Get(UsesKeys.Meta.Workspace) ?? metas?.Get(UsesKeys.Meta.Workspace),
        };
    }

    private (KeyValues? Inner, string Uses) ReadUses(YamlNode? node, string path)
    {
        switch (node)
        {
            case YamlMapping mapping:
                var inner = UsesKeys.Table.Read(mapping, path, problems);
                if (!inner.Has(UsesKeys.Type))
                {
                    problems.Add(mapping.Place, path, "expected a key 'jtype' that names the executor");
                }

                return (inner, Check(inner.Get(UsesKeys.Type), inner.PlaceOf(UsesKeys.Type), $"{path}.jtype"));
            case YamlScalar { IsNull: false, Form: not ScalarForm.Unresolved } scalar:
                return (null, Check(scalar.Value, scalar.Place, path));
            case null or YamlScalar:
                return (null, PassThrough);
            default:
                problems.Add(node.Place, path, $"expected an executor's name, or a mapping with 'jtype', not {node.Shown}");
                return (null, PassThrough);
        }
    }

    private string Check(string? uses, SourcePlace place, string path)
    {
        if (uses is null)
        {
            return PassThrough;
        }

        if (UsesForm.Explain(uses) is { } message)
        {
            problems.Add(place, path, message);
        }

        return uses;
    }

    private KeyValues? ReadMetas(YamlMapping? metas, string path) => metas is null ? null : UsesKeys.Meta.Table.Read(metas, path, problems);

    private void CheckRequests(IReadOnlyDictionary<string, string> requests, SourcePlace place, string path)
    {
        foreach (var endpoint in requests.Keys.Where(endpoint => endpoint is not ['/', ..]))
        {
            problems.Add(place, $"{path}.uses_requests", $"expected endpoints that start with '/', not '{YamlScalar.Shorten(endpoint)}'");
        }
    }

    private static YamlMapping Overlay(YamlMapping? below, YamlMapping? above, SourcePlace place) =>
        (above?.Entries ?? []).Aggregate(below ?? new YamlMapping(place, []), (mapping, entry) => mapping.With(entry));
}
