using System.Globalization;

namespace FlowKit.Coverage;

/// <summary>The least that each project's tests must run, in percent, and the files that no test can run here.</summary>
internal sealed class Floors
{
    private readonly Dictionary<string, (double Lines, double Branches)> _projects = new(StringComparer.Ordinal);
    private readonly HashSet<string> _excluded = new(StringComparer.Ordinal);

    private Floors()
    {
    }

    /// <summary>Reads lines of <c>project lines branches</c> and of <c>- file</c>; after <c>#</c> stands a reason.</summary>
    /// <exception cref="FormatException">A line is something else.</exception>
    public static Floors Read(string path)
    {
        var floors = new Floors();
        foreach (var (line, number) in File.ReadAllLines(path).Select((line, index) => (line.Split('#')[0], index + 1)))
        {
            switch (line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case []:
                    break;
                case ["-", var file]:
                    floors._excluded.Add(file);
                    break;
                case [var project, var lines, var branches]:
                    floors._projects[project] = (Percent(lines), Percent(branches));
                    break;
                default:
                    throw new FormatException($"{path}:{number}: '{line}' is neither 'src/PROJECT LINES BRANCHES' nor '- src/PROJECT/FILE.cs'.");
            }
        }

        return floors;
    }

    /// <summary>The projects that have floors.</summary>
    public IEnumerable<string> Projects => _projects.Keys;

    /// <summary>The files that are not counted.</summary>
    public IEnumerable<string> Excluded => _excluded;

    public bool Excludes(CoveredFile file) => _excluded.Contains(file.Path);

    public (double Lines, double Branches)? Of(string project) => _projects.TryGetValue(project, out var floor) ? floor : null;

    private static double Percent(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
