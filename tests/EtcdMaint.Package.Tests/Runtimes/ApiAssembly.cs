using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace EtcdMaint.Package.Tests.Runtimes;

/// <summary>The types of one assembly, read from its metadata without loading it.</summary>
internal sealed class ApiAssembly : IDisposable
{
    private readonly PEReader _file;
    private readonly bool _isInternalVisible;
    private readonly Dictionary<string, TypeDefinitionHandle> _types;
    private readonly Dictionary<string, string> _forwarded;

    /// <summary>Reads an assembly.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="isInternalVisible">Whether other assemblies may use what is internal, as friends do.</param>
    public ApiAssembly(string path, bool isInternalVisible)
    {
        _file = new PEReader(File.OpenRead(path));
        _isInternalVisible = isInternalVisible;
        Reader = _file.GetMetadataReader();
        _types = Reader
            .TypeDefinitions.Where(type => IsVisible(Reader.GetTypeDefinition(type).Attributes))
            .ToDictionary(type => TypeNames.Of(Reader, type));
        _forwarded = Reader.ExportedTypes.ToDictionary(type => TypeNames.Of(Reader, type), TargetOf);
    }

    public MetadataReader Reader { get; }

    public Version Version => Reader.GetAssemblyDefinition().Version;

    public TypeDefinitionHandle? FindType(string name) =>
        _types.TryGetValue(name, out TypeDefinitionHandle type) ? type : null;

    /// <summary>The assembly that a facade names for the type.</summary>
    public string? FindForwarder(string name) => _forwarded.GetValueOrDefault(name);

    /// <summary>Whether the type itself declares the member. Its base types are not searched.</summary>
    public bool Declares(TypeDefinitionHandle handle, MemberKey member, ImmutableArray<string> typeArguments)
    {
        TypeDefinition type = Reader.GetTypeDefinition(handle);
        return member.IsField
            ? type.GetFields()
                .Select(Reader.GetFieldDefinition)
                .Any(field =>
                    Reader.StringComparer.Equals(field.Name, member.Name)
                    && IsVisible(field.Attributes)
                    && field.DecodeSignature(SignatureText.Provider, typeArguments) == member.Signature
                )
            : type.GetMethods()
                .Select(Reader.GetMethodDefinition)
                .Any(method =>
                    Reader.StringComparer.Equals(method.Name, member.Name)
                    && IsVisible(method.Attributes)
                    && SignatureText.Of(method.DecodeSignature(SignatureText.Provider, typeArguments))
                        == member.Signature
                );
    }

    /// <summary>
    /// The type that a type specification instantiates, with the texts of its arguments; null for an array or a type
    /// parameter.
    /// </summary>
    public (EntityHandle Type, ImmutableArray<string> Arguments)? Instantiated(
        TypeSpecificationHandle handle,
        ImmutableArray<string> typeArguments
    )
    {
        BlobReader blob = Reader.GetBlobReader(Reader.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() is not SignatureTypeCode.GenericTypeInstance)
            return null;
        blob.ReadSignatureTypeCode();
        EntityHandle type = blob.ReadTypeHandle();
        var decoder = new SignatureDecoder<string, ImmutableArray<string>>(
            SignatureText.Provider,
            Reader,
            typeArguments
        );
        var arguments = new string[blob.ReadCompressedInteger()];
        for (int index = 0; index < arguments.Length; index++)
            arguments[index] = decoder.DecodeType(ref blob);
        return (type, [.. arguments]);
    }

    /// <summary>The name of the assembly that defines a referenced type; null for a type of this assembly.</summary>
    public string? AssemblyOf(TypeReferenceHandle handle)
    {
        EntityHandle scope = Reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf((TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => Reader.GetString(
                Reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name
            ),
            _ => null,
        };
    }

    public void Dispose() => _file.Dispose();

    private string TargetOf(ExportedTypeHandle handle)
    {
        EntityHandle target = Reader.GetExportedType(handle).Implementation;
        return target.Kind is HandleKind.ExportedType
            ? TargetOf((ExportedTypeHandle)target)
            : Reader.GetString(Reader.GetAssemblyReference((AssemblyReferenceHandle)target).Name);
    }

    private bool IsVisible(TypeAttributes attributes) =>
        _isInternalVisible
        || (attributes & TypeAttributes.VisibilityMask)
            is TypeAttributes.Public
                or TypeAttributes.NestedPublic
                or TypeAttributes.NestedFamily
                or TypeAttributes.NestedFamORAssem;

    private bool IsVisible(FieldAttributes attributes) =>
        _isInternalVisible
        || (attributes & FieldAttributes.FieldAccessMask)
            is FieldAttributes.Public
                or FieldAttributes.Family
                or FieldAttributes.FamORAssem;

    private bool IsVisible(MethodAttributes attributes) =>
        _isInternalVisible
        || (attributes & MethodAttributes.MemberAccessMask)
            is MethodAttributes.Public
                or MethodAttributes.Family
                or MethodAttributes.FamORAssem;
}

/// <summary>A field or method: its name and the text of its signature.</summary>
internal sealed record MemberKey(string Name, string Signature, bool IsField)
{
    public override string ToString() => $"{Name} {Signature}";
}
