"""What the parameters of other people's constructors and functions are called, and what each may mean.

A name has one or several meanings, the likeliest first; :mod:`cnnlib.doctor.patient.values` turns a meaning into the
value for a case.  Names are compared in lower case without underscores.
"""

import re

KERNEL = """w weights weight kernel kernels filters filter filt wt wc theta kernelweights initweights initialweights
    initialw wt1 wconv wmat convw convweights filterweights filterbank k f params0 weightmatrix""".split()
BIAS = "b bias biases biasvector initbias initialbias initialb bvec convb beta bconv biasweights".split()
STRIDE = """stride strides s step stridesize st convstride stridelength str stridehw striderow stridecol strideh
    stridew stridex stridey sh sw""".split()
PAD = """pad padding p padsize paddings padwidth zeropad zeropadding npad padamount convpad paddingsize padh padw
    padhw ph pw pads""".split()
MODE = "mode paddingmode padmode paddingtype padtype convmode border bordermode".split()
IN = """inchannels inputchannels cin inc inch ninchannels nin inputdepth indepth inplanes infeatures channelsin ic
    numinputchannels ninput numchannels nchannels channels channel c d inputdim ninputchannels inchannel inputchannel
    nc depthin nbchannels inputmaps ninmaps infilters prevchannels channelsinput ncin fin numinchannels chin
    inputsizechannels inputplanes prevdepth infeaturemaps nif inputfilters""".split()
OUT = """outchannels outputchannels cout outc outch noutchannels nout outputdepth outdepth outplanes outfeatures
    channelsout oc numoutputchannels numfilters nfilters filters nfilter filtercount numkernels nkernels kernels depth
    outputdim noutputchannels filternum filtersnum numfilter nf fn outchannel outputchannel kernelnum kernelsnum kernelcount
    nfeatures numfeatures nmaps maps k f units neurons numberoffilters nkernel countfilters filteramount numkernel o
    outmaps outputmaps outfilters ncout filterno nout nof fout n nkern channelsoutput numoutchannels nboffilters
    numberofkernels nbfilters nbfilter filtersamount outfeaturemaps chout outputplanes""".split()
SIZE = """kernelsize filtersize ksize k size f fsize kernel filter kernelshape filtershape kernelsz window fs ks
    filterdim kerneldim receptivefield windowsize filterwidth kernelwidth filterheight kernelheight kh kw fh fw poolsize
    kernelh kernelw filterh filterw poolh poolw poolheight poolwidth kerneldims kernelx kernely hk wk hf wf ksz filterhw
    sizeofkernel sizeoffilter filtersz pool poolshape convsize spatialextent p pooling poolingsize kersize kerneledge
    kernellen sizekernel convkernelsize windowshape kernelsizehw""".split()
INPUT_SHAPE = """inputshape inshape shape inputsize insize inputdims inputdim imgshape imageshape xshape dimin
    inputdimensions imgsize imagesize indim inputs inputimageshape inputimagesize prevshape shapein insz inputsz inputdimension
    sizeinput inputs shapeinput imshape prevlayershape""".split()
HEIGHT = "inputheight height h inheight hin inh imageheight imgheight inputh hprev inputsizeh imgh".split()
WIDTH = "inputwidth width w inwidth win inw imagewidth imgwidth inputw wprev inputsizew imgw".split()
BATCH = "batchsize batch n m nbatch bs nsamples numexamples numsamples".split()
X = """x input inputs inp image images img a aprev xin data inputdata inputtensor prevactivation inputvolume z inputx
    inputimage inputarray layerinput aprevious ain prev previnput inputmap inputlayer features imagearray inputactivation
    inputval xbatch batch inputfeature inputmatrix prevoutput act prevact inputvalue cachedinput inputfeatures tensor xs im
    lastinput inputimages h inputmaps prevactivations bottom hprev activations""".split()
DELTA = """dout dz d delta dy grad gradoutput gradout gradientoutput outputgradient outgrad gradient error da dldout
    dldoutput doutput dh ddout upstream upstreamgrad upstreamgradient accumgrad outputgrad dldz dldy deltas err dldo dl
    nextgrad gradients topgrad g douts grads dldp dnext dvalues errors gradin eta dzl outputerror dlda deltaout dx prevgrad
    backgrad inputgrad outputdelta inputgradient gradinput nextdelta lossgradient lossgrad gradsout dlossdoutput
    dout0 residual outerr gout gy dcost nextgradient gradfromnext dcdz dcda dloss dprev gradprev dj dlout top
    downstream dupstream sensitivity outputsgradient dvalue dnextlayer gradnext sensitivityarray nexterror
    dconv deltal outputgradients dhnext dznext upgrad upgradient inerror dz1 graddout forwardgrad errorsignal
    backpropagatedgradient dldx dlds deltanext lossgradients nextlayergrad nextlayerdelta dldout1""".split()
CACHE = "cache caches ctx context memory saved tape cached convcache cachedata savedtensors mem store".split()
RATE = """lr learningrate learnrate alpha eta rate stepsize learningspeed epsilon lrate learningr learn learningparameter
    lrn step""".split()
OUTPUT = "output out y z o aout activation conv result a outputs".split()
SETTINGS = """hparameters hparams convparam convparams parameters params hyperparameters config conf cfg parameter
    hyperparams hyper opts options param layerparams convdict hparam layer""".split()
OPTIMISER = "optimizer optimiser opt optim updater solver optimizerobject".split()
NO = """training istraining train istrain test debug verbose trainable useoptimizer fast regularize clip mask
    firstlayer isfirst l2 l1 reg regularization weightdecay decay lambda lambd lamda momentum l2lambda regstrength""".split()
NONE = """activation act activationfunction activationfn activationfunc nonlinearity activ actfunc initializer init
    weightinitializer kernelinitializer activationname""".split()
YES = "usebias hasbias withbias biasflag".split()


def _squeezed(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


# what each site may be asked for, in the order in which meanings are tried
MAKE = [("K", KERNEL), ("b", BIAS), ("stride", STRIDE), ("pad", PAD), ("mode", MODE), ("C", IN), ("O", OUT),
        ("k", SIZE), ("input shape", INPUT_SHAPE), ("H", HEIGHT), ("W", WIDTH), ("N", BATCH), ("lr", RATE),
        ("settings", SETTINGS), ("optimiser", OPTIMISER), ("no", NO), ("linear", NONE), ("yes", YES)]
FORWARD = [("X", X), ("K", KERNEL), ("b", BIAS), ("stride", STRIDE), ("pad", PAD), ("mode", MODE), ("settings", SETTINGS),
           ("k", SIZE), ("O", OUT), ("C", IN), ("no", NO), ("lr", RATE), ("linear", NONE), ("N", BATCH)]
BACKWARD = [("delta", DELTA), ("cache", CACHE), ("X", X), ("K", KERNEL), ("b", BIAS), ("lr", RATE), ("stride", STRIDE),
            ("pad", PAD), ("mode", MODE), ("settings", SETTINGS), ("Z", OUTPUT), ("optimiser", OPTIMISER), ("k", SIZE),
            ("no", NO), ("linear", NONE), ("N", BATCH)]
SITES = {"make": MAKE, "forward": FORWARD, "backward": BACKWARD}

FORWARDS = """forward __call__ forward_pass forward_propagation forward_prop forwardprop feedforward feed_forward fwd fprop
    propagate forward_propagate call convolve conv conv_forward run predict compute apply forwards forwardpass
    forwardPass forwardPropagation forward_conv activate output get_output process conv2d convolution Forward""".split()
BACKWARDS = """backward backward_pass backward_propagation backward_prop backprop back_prop backpropagation
    back_propagation bwd bprop backpropagate back_propagate backwards backwardpass backwardPass backwardPropagation
    backPropagation conv_backward backward_conv grad gradient back Backward""".split()
STEPS = """update step update_params update_weights update_parameters apply_gradients updateParams updateWeights
    apply_grads optimize update_weight learn sgd apply_gradient update_grads upgrade""".split()
BUILDS = """initialize build init_weights initialise init_params initialize_weights init setup initialize_parameters
    init_parameters _init_params set_input_shape compile""".split()


def meanings(site: str, name: str) -> list[str]:
    """What a parameter of this name may mean at "make", "forward" or "backward"; [] for an unknown name."""
    wanted = _squeezed(name)
    return [meaning for meaning, known in SITES[site] if wanted in known]


def kernel_rank(path: str) -> int:
    """How little a dotted path sounds like the weights themselves, for choosing among arrays of one shape."""
    last = _squeezed(next((step for step in reversed(path.split(".")) if not step.isdigit()), path))
    if re.match(r"(d|g|v|m|s|grad|delta|vel|mom|cache|old|prev|sum|opt)", last) and last not in KERNEL + BIAS:
        return 3
    if last in KERNEL + BIAS:
        return 0
    return 1 if re.search("w|kern|filt|bias|b", last) else 2


def gradient_rank(path: str) -> int:
    """How little a dotted path sounds like a gradient."""
    words = [_squeezed(step) for step in path.split(".")]
    if any(re.match(r"(d_?l?_?d?(w|k|b|f|x)|d(?!e)[a-z]{0,3}|.*grad|delta|nabla|g[wb]|dl)", word) for word in words if word):
        return 0
    return 2 if any(re.match("(v|m|mom|vel|cache)", word) for word in words) else 1
