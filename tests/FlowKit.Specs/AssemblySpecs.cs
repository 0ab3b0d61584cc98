using System.Reflection;
using System.Runtime.CompilerServices;
using FlowKit.Executors;

namespace FlowKit.Specs;

/// <summary>The product's assemblies together, as a program has them that references all executors.</summary>
public sealed class AssemblySpecs
{
    /// <summary>A type of each executor assembly, which this project could not name if two of them defined it.</summary>
    private static readonly Type[] s_executors = [typeof(ClipEncoder), typeof(ImageDecoderExecutor), typeof(PgVectorIndexer), typeof(VectorIndexer)];

    private static readonly Assembly[] s_product =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "FlowKit.*.dll").Select(Path.GetFileNameWithoutExtension)
            .Where(name => name != typeof(AssemblySpecs).Assembly.GetName().Name)
            .Select(name => Assembly.Load(name!)),
    ];

    [Fact]
    public void Every_executor_assembly_is_named_here() =>
        Assert.Equal(s_product.Where(IsOfExecutors).Select(NameOf).Order(), s_executors.Select(type => NameOf(type.Assembly)).Order());

    [Fact]
    public void No_type_is_defined_in_two_assemblies()
    {
        Assert.InRange(s_product.Length, 10, 100);
        var twice = s_product.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("FlowKit", StringComparison.Ordinal) == true && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .GroupBy(type => type.FullName)
            .Where(types => types.Count() > 1)
            .Select(types => $"{types.Key}: {string.Join(", ", types.Select(type => NameOf(type.Assembly)))}");

        Assert.Empty(twice);
    }

    private static bool IsOfExecutors(Assembly assembly) => NameOf(assembly).StartsWith("FlowKit.Executors.", StringComparison.Ordinal);

    private static string NameOf(Assembly assembly) => assembly.GetName().Name!;
}
