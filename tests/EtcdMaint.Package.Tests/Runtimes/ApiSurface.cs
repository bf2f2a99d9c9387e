using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace EtcdMaint.Package.Tests.Runtimes;

/// <summary>
/// Finds what an assembly uses of others, in a runtime and in the assemblies that ship beside it.
/// </summary>
internal sealed class ApiSurface : IDisposable
{
    private readonly Dictionary<string, ApiAssembly> _assemblies = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the assemblies. A shipped one replaces that of the runtime.</summary>
    public ApiSurface(IEnumerable<string> shipped, string runtimeFolder)
    {
        foreach (string file in shipped)
            _assemblies.Add(Path.GetFileNameWithoutExtension(file), new ApiAssembly(file, isInternalVisible: true));
        foreach (string file in Directory.EnumerateFiles(runtimeFolder, "*.dll"))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (!_assemblies.ContainsKey(name))
                _assemblies.Add(name, new ApiAssembly(file, isInternalVisible: false));
        }
    }

    /// <summary>The assemblies, types and members that the file uses and that do not exist here.</summary>
    /// <param name="path">The file of the assembly.</param>
    /// <param name="providedElsewhere">Assemblies that are not searched.</param>
    public IReadOnlyList<string> MissingFor(string path, params string[] providedElsewhere)
    {
        using var user = new ApiAssembly(path, isInternalVisible: true);
        return
        [
            .. MissingAssemblies(user, providedElsewhere),
            .. MissingTypes(user, providedElsewhere),
            .. MissingMembers(user, providedElsewhere),
        ];
    }

    public void Dispose()
    {
        foreach (ApiAssembly assembly in _assemblies.Values)
            assembly.Dispose();
    }

    /// <summary>.NET does not load an assembly that is older than the reference to it.</summary>
    private IEnumerable<string> MissingAssemblies(ApiAssembly user, string[] providedElsewhere) =>
        user
            .Reader.AssemblyReferences.Select(user.Reader.GetAssemblyReference)
            .Select(reference => (Name: user.Reader.GetString(reference.Name), reference.Version))
            .Where(reference =>
                !providedElsewhere.Contains(reference.Name)
                && !(
                    _assemblies.TryGetValue(reference.Name, out ApiAssembly? found)
                    && found.Version >= reference.Version
                )
            )
            .Select(reference => $"assembly {reference.Name} {reference.Version}");

    private IEnumerable<string> MissingTypes(ApiAssembly user, string[] providedElsewhere) =>
        from handle in user.Reader.TypeReferences
        let assembly = user.AssemblyOf(handle)
        where assembly is not null && !providedElsewhere.Contains(assembly)
        let name = TypeNames.Of(user.Reader, handle)
        where FindType(assembly, name) is null
        select $"type {name} of {assembly}";

    private IEnumerable<string> MissingMembers(ApiAssembly user, string[] providedElsewhere)
    {
        foreach (MemberReference reference in user.Reader.MemberReferences.Select(user.Reader.GetMemberReference))
        {
            EntityHandle? parent =
                reference.Parent.Kind is HandleKind.TypeSpecification
                    ? user.Instantiated((TypeSpecificationHandle)reference.Parent, [])?.Type
                    : reference.Parent;
            if (
                parent is not { Kind: HandleKind.TypeReference } type
                || user.AssemblyOf((TypeReferenceHandle)type) is not { } assembly
                || providedElsewhere.Contains(assembly)
            )
                continue;

            // A missing type has been reported already.
            string name = TypeNames.Of(user.Reader, (TypeReferenceHandle)type);
            MemberKey member = KeyOf(user, reference);
            if (FindType(assembly, name) is { } found && !HasMember(found.Assembly, found.Type, member, []))
                yield return $"member {name}.{member} of {assembly}";
        }
    }

    private static MemberKey KeyOf(ApiAssembly user, MemberReference reference) =>
        reference.GetKind() is MemberReferenceKind.Field
            ? new MemberKey(
                user.Reader.GetString(reference.Name),
                reference.DecodeFieldSignature(SignatureText.Provider, []),
                IsField: true
            )
            : new MemberKey(
                user.Reader.GetString(reference.Name),
                SignatureText.Of(reference.DecodeMethodSignature(SignatureText.Provider, [])),
                IsField: false
            );

    private (ApiAssembly Assembly, TypeDefinitionHandle Type)? FindType(string assembly, string name)
    {
        if (!_assemblies.TryGetValue(assembly, out ApiAssembly? found))
            return null;
        if (found.FindType(name) is { } type)
            return (found, type);
        return found.FindForwarder(name) is { } target ? FindType(target, name) : null;
    }

    /// <summary>Whether the type or one of its base types declares the member.</summary>
    private bool HasMember(
        ApiAssembly assembly,
        TypeDefinitionHandle type,
        MemberKey member,
        ImmutableArray<string> typeArguments
    )
    {
        if (assembly.Declares(type, member, typeArguments))
            return true;
        EntityHandle parent = assembly.Reader.GetTypeDefinition(type).BaseType;
        if (parent.IsNil)
            return false;

        ImmutableArray<string> arguments = [];
        if (parent.Kind is HandleKind.TypeSpecification)
        {
            if (assembly.Instantiated((TypeSpecificationHandle)parent, typeArguments) is not { } instantiated)
                return false;
            (parent, arguments) = instantiated;
        }

        if (parent.Kind is HandleKind.TypeDefinition)
            return HasMember(assembly, (TypeDefinitionHandle)parent, member, arguments);
        var reference = (TypeReferenceHandle)parent;
        return assembly.AssemblyOf(reference) is { } name
            && FindType(name, TypeNames.Of(assembly.Reader, reference)) is { } found
            && HasMember(found.Assembly, found.Type, member, arguments);
    }
}
