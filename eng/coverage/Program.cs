using FlowKit.Coverage;

if (args is not [var root, var results, .. var options])
{
    Console.Error.WriteLine("usage: Coverage ROOT RESULTS [--no-floors]: joins the reports below RESULTS and holds the projects of ROOT to eng/coverage/floors.txt");
    return 2;
}

root = Path.GetFullPath(root);
var report = new CoverageReport(root);
var reports = Directory.GetFiles(results, "*.json", SearchOption.AllDirectories);
foreach (var path in reports)
{
    report.Add(path);
}

var floors = Floors.Read(Path.Combine(root, "eng", "coverage", "floors.txt"));
var projects = Projects(root).ToHashSet(StringComparer.Ordinal);
var files = report.Files.Where(file => projects.Contains(file.Project) && !floors.Excludes(file)).ToList();
List<string> faults = [.. floors.Excluded.Where(file => !File.Exists(Path.Combine(root, file))).Select(file => $"{file} has no floor to be kept from: it is not there")];
Console.WriteLine($"{"project",-32} {"lines",6} {"floor",6} {"branches",9} {"floor",6}");
foreach (var project in floors.Projects.Union(projects).Order(StringComparer.Ordinal))
{
    var own = files.Where(file => file.Project == project).ToList();
    var lines = Share.Of([.. own.SelectMany(file => file.Lines.Values)]);
    var branches = Share.Of([.. own.SelectMany(file => file.Branches.Values)]);
    var floor = floors.Of(project);
    Console.WriteLine($"{project,-32} {lines,6} {floor?.Lines,6} {branches,9} {floor?.Branches,6}");
    if (floor is not var (leastLines, leastBranches))
    {
        faults.Add($"{project} has no floor: write one into eng/coverage/floors.txt");
    }
    else if (own.Count == 0)
    {
        faults.Add($"{project} was run by no test");
    }
    else if (lines.Percent < leastLines || branches.Percent < leastBranches)
    {
        faults.Add($"{project} is below its floor: {lines} % of the lines ({leastLines}), {branches} % of the branches ({leastBranches})");
    }
}

var missing = Path.Combine(results, "missing.txt");
File.WriteAllLines(missing, files.SelectMany(file => file.Missing()));
Console.WriteLine($"joined from {reports.Length} test assemblies; what did not run stands in {Path.GetRelativePath(root, missing)}");
if (options.Contains("--no-floors"))
{
    return 0;
}

faults.ForEach(fault => Console.Error.WriteLine($"coverage: {fault}"));
return faults.Count == 0 ? 0 : 1;

static IEnumerable<string> Projects(string root) => Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories)
    .Select(path => Path.GetDirectoryName(path)!)
    .Where(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any())
    .Select(folder => Path.GetRelativePath(root, folder).Replace('\\', '/'))
    .Where(folder => folder.StartsWith("src/", StringComparison.Ordinal) || folder.StartsWith("executors/", StringComparison.Ordinal));
