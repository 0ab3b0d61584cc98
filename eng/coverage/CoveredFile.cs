namespace FlowKit.Coverage;

/// <summary>A source file with the lines and branches that any test assembly ran.</summary>
/// <param name="Path">Its path from the root, with slashes.</param>
internal sealed record CoveredFile(string Path)
{
    /// <summary>The folder of its project, such as <c>src/FlowKit.Core</c>.</summary>
    public string Project => string.Join('/', Path.Split('/').Take(2));

    /// <summary>The lines that can run, each with whether it ran.</summary>
    public SortedDictionary<int, bool> Lines { get; } = [];

    /// <summary>The branches, each with whether it was taken. Every test assembly counts on the same build, so a branch has one key.</summary>
    public SortedDictionary<Branch, bool> Branches { get; } = [];

    /// <summary>Adds a line of one test assembly: it ran when it ran in any of them.</summary>
    public void AddLine(int line, bool ran) => Lines[line] = ran || Lines.GetValueOrDefault(line);

    /// <summary>Adds a branch of one test assembly.</summary>
    public void AddBranch(Branch branch, bool taken) => Branches[branch] = taken || Branches.GetValueOrDefault(branch);

    /// <summary>Returns what did not run, a line each, as editors take it.</summary>
    public IEnumerable<string> Missing()
    {
        var lines = Lines.Where(line => !line.Value).Select(line => line.Key).ToHashSet();
        var branches = Branches.Where(branch => !branch.Value).GroupBy(branch => branch.Key.Line).ToDictionary(group => group.Key, group => group.Count());
        foreach (var line in lines.Union(branches.Keys).Order())
        {
            yield return lines.Contains(line) ? $"{Path}:{line}: did not run" : $"{Path}:{line}: {branches[line]} of {BranchesOf(line)} branches not taken";
        }
    }

    private int BranchesOf(int line) => Branches.Keys.Count(branch => branch.Line == line);
}
