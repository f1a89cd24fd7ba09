extension HelpText {
    static let faces = HelpText(
        "faces",
        text: """
            OVERVIEW: Finds the faces in photos.

            Tells the box of each face, both eyes, nose and corners of the mouth, in pixels
            of the upright photo, and how sure it is; then where the eyes look, and with
            --json the 468 points of a mesh. Nothing of it is kept anywhere.

              animesnap faces group.jpg
              animesnap faces group.jpg --draw found.jpg

            USAGE: animesnap faces <photo> ... [<options>]

            ARGUMENTS:
              <photo>                 Photos, JPEG files.

            OPTIONS:
              --size <n>              The longest side in which faces are looked for, 64 to
                                      2048: 640 finds smaller ones and takes four times as
                                      long. (default: 320)
              --draw <file>           Draws what was found in one photo into a JPEG file.
              --json                  Print a line of JSON per photo.
              --mesh/--no-mesh        Read the mesh of each face and where its eyes look.
                                      (default: --mesh)
              --threads <n>           Threads that compute, 1 to 64. (default: one per core)
              --isa <name>            Kernels to use instead of this processor's fastest,
                                      such as 'reference'; ANIMESNAP_ISA does the same.
              --version               Show the version.
              -h, --help              Show help information.
            """)
}
