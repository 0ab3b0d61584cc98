using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FlowKit.Sources.Assemblies;

/// <summary>Describes what can be told of an assembly without loading it.</summary>
/// <param name="Framework">What it is compiled for, such as <c>.NETCoreApp,Version=v10.0</c>; empty when it does not say.</param>
/// <param name="References">The assemblies that it was compiled against.</param>
internal sealed record AssemblyFacts(string Framework, IReadOnlyList<AssemblyName> References)
{
    /// <exception cref="BadImageFormatException">It is no .NET assembly.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AssemblyFacts Read(string path)
    {
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        if (!image.HasMetadata)
        {
            throw new BadImageFormatException("It has no .NET code.");
        }

        var reader = image.GetMetadataReader();
        return new AssemblyFacts(
            FrameworkOf(reader), [.. reader.AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle).GetAssemblyName())]);
    }

    /// <summary>The reason for which it cannot run here; <see langword="null"/> when it can.</summary>
    public string? Refusal
    {
        get
        {
            var here = Environment.Version;
            if (Framework.StartsWith(".NETFramework", StringComparison.Ordinal))
            {
                return $"it is compiled for .NET Framework ({Framework}); compile it for net{here.Major}.0";
            }

            if (
                Framework.StartsWith(".NETCoreApp,Version=v", StringComparison.Ordinal)
                    && Version.TryParse(Framework[(Framework.IndexOf("=v", StringComparison.Ordinal) + 2)..], out var wanted)
                    && wanted.Major > here.Major)
            {
                return $"it is compiled for .NET {wanted}, and this is .NET {here.ToString(2)}; compile it for net{here.Major}.0, "
                    + "or run FlowKit on the newer one";
            }

            if (
                References.FirstOrDefault(name => name.Name == "FlowKit.Abstractions") is { } abstractions
                    && abstractions.Version > typeof(Executor).Assembly.GetName().Version)
            {
                return $"it is compiled against FlowKit {abstractions.Version}, and this is {typeof(Executor).Assembly.GetName().Version}; "
                    + "compile it against this one, or update FlowKit";
            }

            return null;
        }
    }

    private static string FrameworkOf(MetadataReader reader)
    {
        foreach (var handle in reader.GetAssemblyDefinition().GetCustomAttributes())
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind == HandleKind.MemberReference
                && reader.GetMemberReference(
                    (MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
                && reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)parent).Name, "TargetFrameworkAttribute"))
            {
                var value = reader.GetBlobReader(attribute.Value);
                return value.ReadUInt16() == 1 ? value.ReadSerializedString() ?? "" : "";
            }
        }

        return "";
    }
}
