using FlowKit.Fuzz;

try
{
    var options = FuzzOptions.Parse(args);
    if (options.WritesSeeds)
    {
        foreach (var name in options.Targets)
        {
            await using var target = FuzzTargets.Create(name);
            Directory.CreateDirectory(Repository.Corpus(name));
            foreach (var seed in target.Seeds())
            {
                var file = string.Concat(seed.Name.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
                await File.WriteAllBytesAsync(Path.Combine(Repository.Corpus(name), file), seed.Bytes);
            }
        }

        return 0;
    }

    if (!options.IsChild)
    {
        return await new Supervisor(options).RunAsync() == 0 ? 0 : 1;
    }

    CoverageMap.Begin();
    using var current = new CurrentInput(Environment.GetEnvironmentVariable("FUZZ_CURRENT") ?? Path.GetTempFileName());
    await using var only = FuzzTargets.Create(options.Targets[0]);
    await only.StartAsync();
    var run = new FuzzRun(only, options, current);
    run.Run();
    await Console.Out.WriteAsync(run.Summary());
    return 0;
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
